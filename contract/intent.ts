import { z } from 'zod';
import { Kind } from './session.ts';

/** Where a deep link, a tray item, a notification or a second start of the app may lead: a name, never a place. */
export const Intent = z.discriminatedUnion('go', [
  z.object({ go: z.literal('sessions') }),
  z.object({ go: z.literal('session'), id: z.string().max(64) }),
  z.object({ go: z.literal('my-requests'), requestId: z.string().max(64).optional() }),
  /** One request: main shows it where it belongs, to be decided, as one's own, or on record. */
  z.object({ go: z.literal('request'), id: z.string().max(64) }),
  z.object({ go: z.literal('history') }),
  z.object({ go: z.literal('approvals'), requestId: z.string().max(64).optional() }),
  z.object({ go: z.literal('watch'), sessionId: z.string().max(64), kind: Kind }),
  /** Opens the Justification dialog, with the words of an earlier request of this person where there is one. */
  z.object({ go: z.literal('ask'), sessionId: z.string().max(64), kind: Kind, likeRequestId: z.string().max(64).nullable() }),
  z.object({ go: z.literal('settings') }),
]);
export type Intent = z.infer<typeof Intent>;

/** How a decision window is opened: only to look, or with the wish to approve or reject. It never decides by itself. */
export const DecisionIntent = z.enum(['open', 'approve', 'reject']);
export type DecisionIntent = z.infer<typeof DecisionIntent>;

const link = /^oversight:\/\/([a-z-]{1,20})(?:\/([A-Za-z0-9-]{1,64}))?\/?$/;

/** The intent of an `oversight://` link; null for anything else. It chooses what is shown and never acts. */
export function parseIntent(text: string): Intent | null {
  const [, noun, name] = link.exec(text) ?? [];
  switch (noun) {
    case 'sessions':
      return name === undefined ? { go: 'sessions' } : { go: 'session', id: name };
    case 'requests':
      return name === undefined ? { go: 'my-requests' } : { go: 'request', id: name };
    case 'approvals':
      return name === undefined ? { go: 'approvals' } : { go: 'approvals', requestId: name };
    case 'my-requests':
    case 'history':
    case 'settings':
      return name === undefined ? { go: noun } : null;
    default:
      return null;
  }
}
