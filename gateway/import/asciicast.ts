import { stopImport } from './failure.ts';
import { parseObject, type TerminalItem, type TerminalRecording, terminalSize } from './terminal-recording.ts';

/**
 * Reads an asciicast, version 2 (times since the start) or 3 (times since the event before), docs.asciinema.org/manual/asciicast. Fails with
 * ImportError for anything else, and for one whose end is missing.
 */
export function parseAsciicast(text: string): TerminalRecording {
  const [first = '', ...lines] = text.split('\n');
  const header = parseObject(first);
  const version = header?.version;
  if (!header || (version !== 2 && version !== 3)) return stopImport('This is not an asciicast of version 2 or 3.');
  const term = (header.term ?? {}) as Record<string, unknown>;
  const size = version === 2 ? terminalSize(header.width, header.height) : terminalSize(term.cols, term.rows);
  const items: TerminalItem[] = [];
  let nowMs = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const event =
      parseEvent(line) ?? stopImport(`Line ${index + 2} of the asciicast cannot be read: the file is damaged or cut off.`);
    const [seconds, code, data] = event;
    nowMs = version === 3 ? nowMs + seconds * 1_000 : Math.max(nowMs, seconds * 1_000);
    const atMs = Math.round(nowMs);
    if (code === 'o') items.push({ atMs, type: 'output', text: data });
    else if (code === 'i') items.push({ atMs, type: 'input', text: data });
    else if (code === 'm') items.push({ atMs, type: 'marker', text: data });
    else if (code === 'r') {
      const [, columns, rows] = /^(\d+)x(\d+)$/.exec(data) ?? [];
      items.push({ atMs, type: 'resize', ...terminalSize(Number(columns), Number(rows)) });
    }
  }
  if (items.length === 0) return stopImport('The asciicast is empty: there is nothing in it to show.');
  return { ...size, durationMs: Math.round(nowMs), items };
}

function parseEvent(line: string): [number, string, string] | null {
  try {
    const [seconds, code, data] = JSON.parse(line) as unknown[];
    const good = Number.isFinite(seconds) && Number(seconds) >= 0 && typeof code === 'string' && typeof data === 'string';
    return good ? [Number(seconds), String(code), String(data)] : null;
  } catch {
    return null;
  }
}
