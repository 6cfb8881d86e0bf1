import type { HistoryField, HistoryFilter } from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';

/** Text without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The lines of a request's words, in their order. What is looked for in one field is looked for in its line. */
const lines = ['requester', 'approver', 'session', 'user', 'device', 'reason', 'governanceCode', 'rest', 'commands'] as const;
export type Line = (typeof lines)[number];

/** Something that has to be in the words of a request: anywhere, or in one line. Folded, and never empty. */
export type Wanted = { text: string; line: Line | null };

/**
 * Everything that free text finds a request by, folded, a line a field. At its end is room for the index, in which every character must
 * begin a part of three.
 */
export function wordsOf(request: AccessRequest, commands: string): string {
  const { requester, decisions, session, state } = request;
  const of: Record<Line, string[]> = {
    requester: [requester.displayName, requester.userName],
    approver: decisions.flatMap(({ by }) => [by.displayName, by.userName]),
    session: [session.id],
    user: [session.user],
    device: [session.device],
    reason: [request.reason.label],
    governanceCode: [request.governanceCode ?? ''],
    rest: [
      request.id,
      session.credential,
      request.justification,
      ...decisions.map(({ comment }) => comment),
      ...('by' in state ? [state.by.displayName, state.comment] : []),
    ],
    commands: [commands],
  };
  return `${lines.map((line) => fold(of[line].join(' ')).replaceAll('\n', ' ')).join('\n')}\n\n`;
}

/** The text of one line of a request's words. */
export function lineOf(words: string, line: Line): string {
  let start = 0;
  for (let at = lines.indexOf(line); at > 0; at -= 1) start = words.indexOf('\n', start) + 1;
  return words.slice(start, words.indexOf('\n', start));
}

export const holds = (words: string, { text, line }: Wanted): boolean =>
  words.includes(text) && (line === null || lineOf(words, line).includes(text));

/** What a filter wants of the words of a request: each word of its free text anywhere, and its fields where they belong. */
export function wantedBy(filter: HistoryFilter): Wanted[] {
  const fields: (HistoryField | 'session')[] = ['requester', 'approver', 'session', 'user', 'device', 'reason', 'governanceCode'];
  return [
    ...partsOf(filter.text ?? '').map((text) => ({ text, line: null })),
    ...fields.map((line) => ({
      text: fold(filter[line] ?? '')
        .replaceAll('\n', ' ')
        .trim(),
      line,
    })),
  ].filter(({ text }) => text !== '');
}

/** The words of a text that somebody looks for, folded. */
export const partsOf = (text: string): string[] =>
  fold(text)
    .split(/\s+/)
    .filter((part) => part !== '');
