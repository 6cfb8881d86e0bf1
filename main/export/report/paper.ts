import PDFDocument from 'pdfkit';
import type { Sink } from '../file-sink.ts';
import { createFonts, type EmbeddedFont } from './fonts.ts';

export type Style = { size: number; bold?: boolean; color?: string };

/** Pages of A4, filled from top to bottom. Lengths are points. */
export interface Paper {
  readonly left: number;
  readonly width: number;
  /** Where the next line goes. */
  y: number;
  /** Begins a new page unless so much is left on this one. Answers whether it did. */
  need(height: number): boolean;
  newPage(): void;
  /** The lines that a text makes within a width. */
  wrap(text: string, width: number, style: Style): string[];
  /** A text on one line, cut with an ellipsis where it is too long. */
  fit(text: string, width: number, style: Style): string;
  /** Draws one line; nothing moves. */
  line(text: string, x: number, y: number, style: Style): void;
  rule(y: number, color: string): void;
  box(x: number, y: number, width: number, height: number, color: string): void;
  /** An entry of the outline that leads to this page. */
  mark(title: string): void;
  /** Writes what is still open and answers with the number of pages. */
  end(): number;
}

const margin = 48;
const footerHeight = 28;
const pagesPerNode = 256;
const [pageWidth, pageHeight] = [595.28, 841.89];
const ink = '#1c2126';
const foot: Style = { size: 7.5, color: '#5c6670' };

/** What pdfkit keeps of a document and does not tell. Its version is exact, and tests read what comes out. */
type Internals = { push(chunk: Uint8Array | null): boolean; _root: { data: { Pages: Reference } } };
// biome-ignore lint/suspicious/noExplicitAny: a dictionary of PDF holds anything.
type Reference = { data: any; end(chunk?: string): void };

/**
 * A PDF that is written to `sink` as it is made, in memory that does not grow with it. pdfkit keeps every page until the end and lists
 * them all in one object; so pages are hung into a tree of nodes here, each written and let go when it is full. The number of all pages,
 * which each page shows, is a small drawing that all of them refer to and that is written last.
 */
export function createPaper(
  sink: Sink,
  options: {
    fonts: string;
    language: string;
    title: string;
    author: string;
    at: Date;
    /** What stands at the foot of a page; the number of all pages is put behind `right`. */
    footer: (page: number) => { left: string; right: string };
  },
): Paper {
  const { footer } = options;
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: options.language,
    displayTitle: true,
    // No font of pdfkit's own: all that is used is embedded.
    font: null as unknown as string,
    info: { Title: options.title, Author: options.author, Creator: 'Oversight', Producer: 'Oversight', CreationDate: options.at },
  });
  const inner = doc as unknown as Internals;
  sink.write(doc.read());
  inner.push = (chunk) => {
    if (chunk !== null) sink.write(chunk);
    return true;
  };
  const fonts = createFonts(doc, options.fonts);
  const root = inner._root.data.Pages;
  const total = doc.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, -4, 60, 12] }) as unknown as Reference;
  let node: Reference | null = null;
  let pages = 0;

  /** Hangs the page that pdfkit has just put under the root into the tree. The page before is written by now, so a full node can go. */
  function hangIn(): void {
    const page = root.data.Kids.pop();
    if (node !== null && node.data.Count >= pagesPerNode) close(node);
    node ??= doc.ref({ Type: 'Pages', Parent: root, Count: 0, Kids: [] }) as unknown as Reference;
    page.data.Parent = node;
    node.data.Kids.push(page);
    node.data.Count += 1;
  }

  /** Writes a node of the tree and keeps no more of it than its number. */
  function close(full: Reference): void {
    full.end();
    full.data = null;
    root.data.Kids.push(full);
    node = null;
  }

  const widthOf = (text: string, { size, bold = false }: Style) =>
    fonts.glyphs(text, bold).reduce((sum, { width }) => sum + width, 0) * size;

  /** The operators that show a text from here on, and what fonts they need. */
  function shown(text: string, { size, bold = false, color = ink }: Style): { operators: string; used: Set<EmbeddedFont> } {
    const used = new Set<EmbeddedFont>();
    let operators = `${colorOf(color)} rg`;
    let current: EmbeddedFont | null = null;
    for (const { font, code } of fonts.glyphs(text, bold)) {
      if (font !== current) {
        operators += `${current === null ? '' : '> Tj'} /${font.id} ${size} Tf <`;
        used.add(font);
        current = font;
      }
      operators += code;
    }
    return { operators: current === null ? '' : `${operators}> Tj`, used };
  }

  function draw(text: string, x: number, y: number, style: Style): void {
    const { operators, used } = shown(text, style);
    if (operators === '') return;
    const { fonts: ofPage } = doc.page as unknown as { fonts: Record<string, unknown> };
    for (const font of used) ofPage[font.id] ??= font.ref();
    doc.addContent(`BT 1 0 0 -1 ${x.toFixed(2)} ${(y + style.size).toFixed(2)} Tm ${operators} ET`);
  }

  const paper: Paper = {
    left: margin,
    width: pageWidth - 2 * margin,
    y: margin,
    need(height) {
      if (pages > 0 && paper.y + height <= pageHeight - margin - footerHeight) return false;
      paper.newPage();
      return true;
    },
    newPage() {
      doc.addPage();
      hangIn();
      pages += 1;
      paper.y = margin;
      const { left, right } = footer(pages);
      const y = pageHeight - margin - 8;
      const end = margin + paper.width - 40;
      paper.rule(y - 8, '#d5dae0');
      draw(left, margin, y, foot);
      draw(right, end - widthOf(right, foot), y, foot);
      (doc.page as unknown as { xobjects: Record<string, unknown> }).xobjects['Total'] = total;
      doc.addContent(`q 1 0 0 -1 ${(end + 2).toFixed(2)} ${(y + foot.size).toFixed(2)} cm /Total Do Q`);
    },
    wrap: (text, width, style) => text.split('\n').flatMap((one) => wrapped(one, width, (part) => widthOf(part, style))),
    fit(text, width, style) {
      const whole = text.replace(/\s+/g, ' ');
      if (widthOf(whole, style) <= width) return whole;
      const room = width - widthOf('…', style);
      let used = 0;
      let kept = '';
      for (const char of whole) {
        used += widthOf(char, style);
        if (used > room) break;
        kept += char;
      }
      return `${kept.trimEnd()}…`;
    },
    line: draw,
    rule: (y, color) => void doc.addContent(`${colorOf(color)} rg ${margin} ${y.toFixed(2)} ${paper.width.toFixed(2)} 0.5 re f`),
    box: (x, y, width, height, color) =>
      void doc.addContent(`${colorOf(color)} rg ${[x, y, width, height].map((value) => value.toFixed(2)).join(' ')} re f`),
    mark: (title) => void doc.outline.addItem(title),
    end() {
      const { operators, used } = shown(String(pages), foot);
      total.data.Resources = { Font: Object.fromEntries([...used].map((font) => [font.id, font.ref()])) };
      doc.flushPages();
      if (node !== null) close(node);
      total.end(`BT ${operators} ET`);
      doc.end();
      return pages;
    },
  };
  return paper;
}

/** `#rrggbb` as PDF writes it. */
function colorOf(hex: string): string {
  return [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255).toFixed(3)).join(' ');
}

const breakable = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF\u{20000}-\u{3134F}]/u;
/** Signs that do not begin a line. */
const clinging = /^[、。，．：；！？）」』】〕》…,.:;!?)\]}%]/;

/** Breaks one line at spaces, between Chinese characters, and inside a word only where that alone is wider than the line. */
export function wrapped(text: string, width: number, widthOf: (text: string) => number): string[] {
  const words: string[] = [];
  for (const word of text.replace(/[\t\r\f\v]/g, ' ').split(/(?<= )/)) {
    for (const part of word.split(
      /(?<=[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF])|(?=[\u2E80-\u9FFF\uAC00-\uD7AF])/u,
    )) {
      const last = words.at(-1);
      if (last !== undefined && clinging.test(part) && breakable.test(last)) words[words.length - 1] = last + part;
      else words.push(part);
    }
  }
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of words) {
    const wide = widthOf(word);
    if (line !== '' && used + widthOf(word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    if (wide <= width) {
      line += word;
      used += wide;
      continue;
    }
    for (const char of word) {
      const next = widthOf(char);
      if (used + next > width && line !== '') {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += char;
      used += next;
    }
  }
  return [...lines, line.trimEnd()];
}
