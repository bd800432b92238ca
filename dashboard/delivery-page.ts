import type { DeliveryHealth, ShardHealth } from '../core/outbox/health.ts';
import { BOARD_PATH } from './bull-board.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Operator } from './operators.ts';
import { page } from './pages.ts';

/** Older than this, a waiting row is no longer "just being delivered". */
const LATE_MS = 5_000;

/** `health` undefined: Postgres could not be asked. */
export function deliveryPage(content: {
  operator: Operator;
  health: DeliveryHealth | undefined;
}): string {
  const { operator, health } = content;
  const body = html`<h1>Delivery</h1>
    ${health === undefined ? unknown : html`${summary(health)}${table(health.shards)}`}
    <p>
      What the queue is doing right now:
      <a href="${BOARD_PATH}/queue/drain">the drain queue in Bull Board</a
      >${operator.role === 'viewer' && ' (read only)'}.
    </p>`;
  return page({ title: 'Delivery', body, operator, refreshSeconds: 5 });
}

const unknown = html`<p role="alert" class="alert">
  Postgres does not answer, so nothing can be said about delivery. What was committed is kept and
  will be delivered.
</p>`;

function summary({ shards, waiting, oldestMs, deadLetters }: DeliveryHealth): Html {
  const stopped = shards.filter(({ paused, held }) => paused || held !== null).length;
  const figure = (label: string, value: string, bad: boolean) =>
    html`<div class="card ${bad && 'bad'}">
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="figures">
    ${figure('Waiting events', waiting.toLocaleString('en'), false)}
    ${figure('Oldest waiting', waiting === 0 ? 'none' : age(oldestMs), oldestMs > LATE_MS)}
    ${figure('Shards paused or held', `${stopped} of ${shards.length}`, stopped > 0)}
    ${figure('Dead letters', deadLetters.toLocaleString('en'), deadLetters > 0)}
  </dl>`;
}

function table(shards: readonly ShardHealth[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Shards">
    <table>
      <thead>
        <tr>
          <th scope="col">Shard</th>
          <th scope="col">State</th>
          <th scope="col" class="number">Waiting</th>
          <th scope="col" class="number">Oldest</th>
          <th scope="col">Last error</th>
        </tr>
      </thead>
      <tbody>
        ${shards.map((shard) => row(shard))}
      </tbody>
    </table>
  </div>`;
}

function row(health: ShardHealth): Html {
  const { shard, waiting, oldestMs, lastError } = health;
  const [state, tone] = stateOf(health);
  return html`<tr>
    <th scope="row">${shard}</th>
    <td><span class="state ${tone}">${state}</span></td>
    <td class="number">${waiting.toLocaleString('en')}</td>
    <td class="number">${waiting === 0 ? '–' : age(oldestMs)}</td>
    <td class="error">${lastError ?? '–'}</td>
  </tr> `;
}

function stateOf({
  paused,
  held,
  waiting,
  oldestMs,
  failures,
}: ShardHealth): [state: string, tone: string] {
  if (held !== null) return [`held: ${held}`, 'bad'];
  if (paused) return ['paused', 'warn'];
  if (oldestMs > LATE_MS) return ['late', 'warn'];
  if (failures > 0) return ['retrying', 'warn'];
  return [waiting === 0 ? 'idle' : 'delivering', 'good'];
}

function age(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
