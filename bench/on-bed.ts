import type { Servers } from '../test/harness/servers.ts';
import { openBed } from './bed.ts';
import type { Bed } from './bed.ts';
import type { Contender, Delivery } from './contenders/contender.ts';

/** Makes a bed for the contender from the servers' template, and takes it away after the work. */
export async function onBed(
  servers: Servers,
  contender: Contender,
  work: (bed: Bed, delivery: Delivery) => Promise<void>,
): Promise<void> {
  await using bed = await openBed(servers, contender);
  const delivery = contender.open(bed);
  try {
    await work(bed, delivery);
  } finally {
    await delivery.close();
  }
}
