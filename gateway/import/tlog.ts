import { stopImport } from './failure.ts';
import { parseObject, type TerminalItem, type TerminalRecording, terminalSize } from './terminal-recording.ts';

type Message = {
  rec: string;
  pos: number;
  timing: string;
  inText: string;
  inBytes: number[];
  outText: string;
  outBytes: number[];
};

/**
 * Reads a recording of tlog (its messages, tlog-rec(8)): one JSON object a line, as written to a file, or the journal's `-o json` or
 * `-o export`. Fails with ImportError when it is none, when it holds several recordings, or when its end is missing.
 */
export function parseTlog(text: string): TerminalRecording {
  const messages = text.split('\n').flatMap((line, index) => messageOf(line, index + 1));
  const [first] = messages;
  if (!first) return stopImport('There is no message of tlog in this file.');
  if (messages.some(({ rec }) => rec !== first.rec))
    return stopImport('There are several recordings in this file. Export one of them: journalctl -o json TLOG_REC=…');
  const items: TerminalItem[] = [];
  let nowMs = first.pos;
  for (const message of messages) {
    nowMs = Math.max(nowMs, message.pos);
    nowMs = readTiming(message, nowMs, first.pos, items);
  }
  const size = items.find((item) => item.type === 'resize');
  if (!items.some((item) => item.type === 'output'))
    return stopImport('The recording of tlog is empty: there is nothing in it to show.');
  return { columns: size?.columns ?? 80, rows: size?.rows ?? 24, durationMs: nowMs - first.pos, items };
}

/** The message on one line; nothing for lines of the journal that are none. */
function messageOf(line: string, number: number): Message[] {
  const json = line.startsWith('MESSAGE={') ? line.slice('MESSAGE='.length) : line;
  if (!json.startsWith('{')) return [];
  const outer =
    parseObject(json) ?? stopImport(`Line ${number} of the recording cannot be read: the file is damaged or cut off.`);
  const one = typeof outer.MESSAGE === 'string' ? parseObject(outer.MESSAGE) : outer;
  if (!one || typeof one.timing !== 'string') return [];
  const bytes = (value: unknown) => (Array.isArray(value) ? value.map(Number) : []);
  return [
    {
      rec: String(one.rec ?? ''),
      pos: Number(one.pos ?? 0) || 0,
      timing: one.timing,
      inText: String(one.in_txt ?? ''),
      inBytes: bytes(one.in_bin),
      outText: String(one.out_txt ?? ''),
      outBytes: bytes(one.out_bin),
    },
  ];
}

/**
 * Follows the timing of one message: `+` waits ms, `=` is a size, `<` and `>` take characters of the input and output text, `[n/m` and `]n/m`
 * take m bytes that stand as n characters in the text. Answers with the time after it.
 */
function readTiming(message: Message, fromMs: number, startMs: number, items: TerminalItem[]): number {
  const texts = { input: [...message.inText], output: [...message.outText] };
  const bytes = { input: [...message.inBytes], output: [...message.outBytes] };
  let nowMs = fromMs;
  for (const [, sign = '', one = '0', , two = '0'] of message.timing.matchAll(/([=+<>[\]])(\d+)([x/](\d+))?/g)) {
    const atMs = nowMs - startMs;
    const type = sign === '<' || sign === '[' ? 'input' : 'output';
    if (sign === '+') nowMs += Number(one);
    else if (sign === '=') items.push({ atMs, type: 'resize', ...terminalSize(Number(one), Number(two)) });
    else {
      const characters = texts[type].splice(0, Number(one)).join('');
      const binary = sign === '[' || sign === ']' ? Buffer.from(bytes[type].splice(0, Number(two))).toString('utf8') : null;
      items.push({ atMs, type, text: binary ?? characters });
    }
  }
  return nowMs;
}
