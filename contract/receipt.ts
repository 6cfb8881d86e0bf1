import { z } from 'zod';
import { Instant } from './time.ts';
import { ReceiptEntry } from './viewing.ts';

/** SHA-256 of a text (UTF-8), as 64 lower-case hex digits. Both ends have one of their own. */
export type Sha256 = (text: string) => string;

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A receipt entry with its place in the viewing's order, from 0, and the hash of the chain up to it: SHA-256 over the hash before and the
 * canonical entry. No entry can be changed, left out, put in or moved without every later hash being another.
 */
export const ChainedEntry = z.object({ sequence: z.number().int().nonnegative(), hash: Hash, entry: ReceiptEntry });
export type ChainedEntry = z.infer<typeof ChainedEntry>;

/** The gateway's signed word (Ed25519, base64url) that it holds a viewing's chain up to this entry. */
export const Checkpoint = z.object({
  viewingId: z.string(),
  sequence: z.number().int().nonnegative(),
  hash: Hash,
  at: Instant,
  signature: z.string().max(200),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** JSON with the names of every object in order (RFC 8785): the same value is the same text, wherever it was written. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** What a viewing's chain begins with: a chain of one viewing is never one of another. */
export const genesisOf = (viewingId: string, sha256: Sha256) => sha256(`oversight receipts of ${viewingId}`);

/** The hash of the chain up to an entry, from the hash before it. */
export const hashOf = (before: string, sequence: number, entry: ReceiptEntry, sha256: Sha256) =>
  sha256(`${before}\n${canonical({ sequence, entry })}`);

/** What the gateway signs of a checkpoint. */
export const signedText = ({ viewingId, sequence, hash, at }: Omit<Checkpoint, 'signature'>) =>
  canonical({ viewingId, sequence, hash, at });

/** The first thing that is wrong with the entries of a chain that follow `before`, in order; null if nothing is. */
export function faultOf(
  entries: readonly ChainedEntry[],
  before: { sequence: number; hash: string },
  sha256: Sha256,
): { sequence: number; fault: 'gap' | 'hash' } | null {
  let { sequence: last, hash: previous } = before;
  for (const { sequence, hash, entry } of entries) {
    if (sequence !== last + 1) return { sequence: last + 1, fault: 'gap' };
    if (hash !== hashOf(previous, sequence, entry, sha256)) return { sequence, fault: 'hash' };
    last = sequence;
    previous = hash;
  }
  return null;
}
