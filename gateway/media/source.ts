import { z } from 'zod';

/** Where the HLS of a session comes from. A path is a folder of this machine; `url` is any HTTP origin's folder. */
export const MediaSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('folder'), path: z.string() }),
  /** A folder that a recorder is still writing: its playlist changes, nothing is cached. */
  z.object({ type: z.literal('live-folder'), path: z.string() }),
  /** A recorded folder played for ever, as if it were live: for demonstrations. */
  z.object({ type: z.literal('live-loop'), path: z.string() }),
  z.object({ type: z.literal('origin'), url: z.url() }),
]);
export type MediaSource = z.infer<typeof MediaSource>;
