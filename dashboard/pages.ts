import { BOARD_PATH } from './bull-board.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Operator } from './operators.ts';

/** The frame of every page of ours. `refreshSeconds`: the browser asks again by itself, without a script. */
export function page(content: {
  title: string;
  body: Html;
  operator?: Operator;
  refreshSeconds?: number;
}): string {
  const { title, body, operator, refreshSeconds } = content;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title} · rov operators</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
      </head>
      <body>
        ${operator !== undefined && banner(operator)}
        <main>${body}</main>
      </body>
    </html> `.markup;
}

function banner(operator: Operator): Html {
  return html`<header>
    <nav aria-label="Main">
      <a href="/" class="brand">rov operators</a> <a href="/">Delivery</a>
      <a href="${BOARD_PATH}/">Queue</a>
    </nav>
    <form method="post" action="/logout">
      <span>${operator.name} <span class="role">${operator.role}</span></span>
      <button>Log out</button>
    </form>
  </header>`;
}

/** `problem` is said above the form and read out by screen readers. */
export function loginPage({ problem, name }: { problem?: string; name?: string } = {}): string {
  const again = name !== undefined;
  const alert = problem !== undefined && html`<p role="alert" class="alert">${problem}</p>`;
  return page({
    title: 'Log in',
    body: html`<form method="post" action="/login" class="card login">
      <h1>rov operators</h1>
      ${alert}
      <label
        >Name
        <input
          name="name"
          value="${name}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="64"
          required
          ${!again && 'autofocus'}
      /></label>
      <label
        >Password
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          ${again && 'autofocus'}
      /></label>
      <button>Log in</button>
    </form>`,
  });
}

/** A page that says one thing, for example that something does not exist. */
export function notice({ title, text }: { title: string; text: string }): string {
  return page({
    title,
    body: html`<section class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">To the first page</a></p>
    </section>`,
  });
}
