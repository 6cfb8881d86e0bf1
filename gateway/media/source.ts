import { z } from 'zod';

/**
 * Where the HLS of a session comes from. A path is a folder of this machine; `url` is any HTTP origin's folder, and `playlist` the name
 * of the playlist in it that a player begins with.
 */
export const MediaSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('folder'), path: z.string() }),
  /** A folder that a recorder is still writing: its playlist changes, nothing is cached. */
  z.object({ type: z.literal('live-folder'), path: z.string() }),
  /** A recorded folder played for ever, as if it were live: for demonstrations. */
  z.object({ type: z.literal('live-loop'), path: z.string() }),
  z.object({
    type: z.literal('origin'),
    url: z.url({ protocol: /^https?$/ }),
    playlist: z
      .string()
      .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*\.m3u8$/)
      .default('index.m3u8'),
  }),
]);
export type MediaSource = z.infer<typeof MediaSource>;
