import { z } from 'zod';

/** A moment on the wire: ISO 8601 with an offset, always written in UTC (`2026-11-24T14:02:11.000Z`). */
export const Instant = z.iso.datetime({ offset: true });
export type Instant = z.infer<typeof Instant>;

/** Epoch milliseconds of an `Instant`. The instant was parsed at the border, so it is never NaN. */
export function toMs(instant: Instant): number {
  return Date.parse(instant);
}

/** The `Instant` of epoch milliseconds, in UTC. */
export function toInstant(epochMs: number): Instant {
  return new Date(epochMs).toISOString();
}

/** A window of access: `start` is inside, `end` is outside. */
export const Window = z.object({ start: Instant, end: Instant });
export type Window = z.infer<typeof Window>;
