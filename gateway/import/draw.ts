import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import xterm, { type IBufferCell, type Terminal } from '@xterm/headless';
import type { SessionEvent } from '../../contract/session.ts';
import type { TerminalItem, TerminalRecording } from './terminal-recording.ts';

const cell = { width: 9, height: 18 };
const fontSize = 15;
const family = '"DejaVu Sans Mono", monospace';
const background = '#10141a';
const foreground = '#dfe5ec';
const named = [
  ...['#1c2128', '#e5655e', '#5fbf77', '#d9b04c', '#5c9df5', '#c27be0', '#4fbdc4', '#c9d1d9'],
  ...['#6b7683', '#ff8a80', '#8ce0a0', '#f2cf73', '#8abaff', '#dba3f2', '#82dde3', '#ffffff'],
];
/** Changes that follow one another more quickly share a picture: 25 pictures a second. */
export const frameMs = 40;
/** The longest text of a typed command. */
const longestCommand = 2_000;

/** A picture of the terminal as PNG, shown from `atMs` on. */
export type TerminalFrame = { atMs: number; png: Buffer };

/**
 * Plays a recording on an emulated terminal and hands out a picture for each moment at which something changed, all of one size. Answers with
 * what was seen to be typed, and the markers. A command counts only when the terminal showed it: a password is typed unseen.
 */
export async function drawTerminal(
  recording: TerminalRecording,
  onFrame: (frame: TerminalFrame) => Promise<void>,
): Promise<SessionEvent[]> {
  const { columns, rows, items } = recording;
  const most = { columns, rows };
  for (const item of items)
    if (item.type === 'resize') {
      most.columns = Math.max(most.columns, item.columns);
      most.rows = Math.max(most.rows, item.rows);
    }
  const even = (value: number) => value + (value % 2);
  const canvas = createCanvas(even(most.columns * cell.width + 16), even(most.rows * cell.height + 16));
  const context = canvas.getContext('2d');
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
  const typed = createTyped(terminal);
  const events: SessionEvent[] = [];
  let last: Buffer | null = null;
  for (let index = 0; index < items.length || last === null; ) {
    const slot = last === null ? 0 : Math.floor((items[index]?.atMs ?? 0) / frameMs);
    for (let item = items[index]; item && Math.floor(item.atMs / frameMs) <= slot; item = items[++index])
      await apply(terminal, item, typed, events);
    drawScreen(context, terminal, canvas.width, canvas.height);
    const pixels = canvas.data();
    if (last?.equals(pixels)) continue;
    last = Buffer.from(pixels);
    await onFrame({ atMs: slot * frameMs, png: canvas.toBuffer('image/png') });
  }
  terminal.dispose();
  return events;
}

async function apply(terminal: Terminal, item: TerminalItem, typed: Typed, events: SessionEvent[]): Promise<void> {
  switch (item.type) {
    case 'output':
      return new Promise((resolve) => terminal.write(item.text, resolve));
    case 'resize':
      return terminal.resize(item.columns, item.rows);
    case 'marker':
      events.push({ atMs: item.atMs, type: 'session', text: item.text || 'Marker' });
      return;
    case 'input':
      for (const text of typed.take(item.text)) events.push({ atMs: item.atMs, type: 'command', text });
      return;
    default:
      item satisfies never;
  }
}

type Typed = { take(text: string): string[] };

/** Follows what is typed, line by line. */
function createTyped(terminal: Terminal): Typed {
  let line = '';
  return {
    take(text) {
      const done: string[] = [];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: keys send them.
      for (const character of text.replace(/\x1b(\[[0-9;?]*[A-Za-z~]|O[A-Z])/g, '')) {
        if (character === '\r' || character === '\n') {
          const command = line.trim();
          if (command !== '' && isShown(terminal, command)) done.push(command.slice(0, longestCommand));
          line = '';
        } else if (character === '\x7f' || character === '\b') line = [...line].slice(0, -1).join('');
        else if (character === '\x03' || character === '\x15') line = '';
        else if (character >= ' ') line += character;
      }
      return done;
    },
  };
}

/** Whether the line of the cursor, with the lines that it was wrapped from, ends in this text. */
function isShown(terminal: Terminal, text: string): boolean {
  const { active } = terminal.buffer;
  let shown = '';
  for (let row = active.baseY + active.cursorY; row >= 0; row--) {
    const line = active.getLine(row);
    shown = (line?.translateToString(false) ?? '') + shown;
    if (!line?.isWrapped) break;
  }
  return shown.trimEnd().endsWith(text);
}

function drawScreen(context: SKRSContext2D, terminal: Terminal, width: number, height: number): void {
  const { active } = terminal.buffer;
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  for (let row = 0; row < terminal.rows; row++) {
    const line = active.getLine(active.baseY + row);
    for (let column = 0; line && column < terminal.cols; column++) {
      const one = line.getCell(column);
      if (!one || one.getWidth() === 0) continue;
      const isCursor = row === active.cursorY && column === active.cursorX;
      drawCell(context, one, 8 + column * cell.width, 8 + row * cell.height, isCursor);
    }
  }
}

function drawCell(context: SKRSContext2D, one: IBufferCell, x: number, y: number, isCursor: boolean): void {
  const width = cell.width * Math.max(1, one.getWidth());
  let front = colourOf(one.isFgDefault(), one.isFgRGB(), one.getFgColor(), Boolean(one.isBold()), foreground);
  let back = colourOf(one.isBgDefault(), one.isBgRGB(), one.getBgColor(), false, background);
  if (Boolean(one.isInverse()) !== isCursor) [front, back] = [back, front];
  if (back !== background) {
    context.fillStyle = back;
    context.fillRect(x, y, width, cell.height);
  }
  const text = one.getChars();
  if (text === '' || text === ' ' || one.isInvisible()) return;
  context.fillStyle = front;
  context.globalAlpha = one.isDim() ? 0.6 : 1;
  context.font = `${one.isItalic() ? 'italic ' : ''}${one.isBold() ? 'bold ' : ''}${fontSize}px ${family}`;
  context.fillText(text, x, y + cell.height / 2, width);
  if (one.isUnderline()) context.fillRect(x, y + cell.height - 2, width, 1);
  if (one.isStrikethrough()) context.fillRect(x, y + cell.height / 2, width, 1);
  context.globalAlpha = 1;
}

/** Of the 16 colours, the 256 of xterm, or RGB. Bold brightens the first eight. */
export function colourOf(isDefault: boolean, isRgb: boolean, value: number, bright: boolean, otherwise: string): string {
  if (isDefault) return otherwise;
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return named[bright && value < 8 ? value + 8 : value] ?? otherwise;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = value - 16;
  const [red, green, blue] =
    value >= 232
      ? [8 + (value - 232) * 10, 8 + (value - 232) * 10, 8 + (value - 232) * 10]
      : [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
  return `rgb(${red}, ${green}, ${blue})`;
}
