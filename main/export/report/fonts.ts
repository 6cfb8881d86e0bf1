import { readFileSync } from 'node:fs';
import path from 'node:path';
import type PDFDocument from 'pdfkit';

/** A character as one font shows it: its place in the embedded subset (four hex digits), and its width at a size of 1. */
export type Glyph = { font: EmbeddedFont; code: string; width: number };

export interface Fonts {
  /** The glyphs of a text, one for each character; what no font has is shown as the sign for that (U+FFFD). */
  glyphs(text: string, bold: boolean): Glyph[];
}

/** What pdfkit makes of a font file. */
export type EmbeddedFont = {
  id: string;
  ref(): unknown;
  encode(text: string): [codes: string[], positions: { advanceWidth: number }[]];
  font: { hasGlyphForCodePoint(codePoint: number): boolean };
};

type Subset = { name: string; file: string; ranges: [from: number, to: number][] };

// Noto Sans for what is written with letters, Noto Sans SC for Chinese. The fonts come in subsets, each with the ranges of its characters,
// and only those that a text needs are read. As WOFF: of WOFF2 fontkit can show glyphs, but makes no subset to embed.
const families = [
  { name: 'noto-sans', weights: [400, 700], subset: /^(latin|latin-ext|cyrillic|cyrillic-ext|greek|greek-ext|vietnamese)$/ },
  { name: 'noto-sans-sc', weights: [400], subset: /^\[\d+\]$/ },
] as const;
const unknown = 0xfffd;

/** The files of a folder of fonts, laid out as Fontsource's packages are, that a report may need: what the app brings along. */
export function fontFiles(folder: string): string[] {
  return families.flatMap(({ name, weights }) => [
    `${name}/LICENSE`,
    `${name}/unicode.json`,
    ...weights.flatMap((weight) => subsetsOf(folder, name, weight).map(({ file }) => file)),
  ]);
}

/**
 * The fonts of `doc`, read from `folder` as they are needed. Each character is shaped once, alone: of scripts that are written with letters
 * or Chinese characters that is all there is to it but kerning, and it makes long reports an order of magnitude faster.
 */
export function createFonts(doc: typeof PDFDocument.prototype, folder: string): Fonts {
  const chinese = subsetsOf(folder, 'noto-sans-sc', 400);
  const [regular, bold] = [400, 700].map((weight) => ({
    subsets: [...subsetsOf(folder, 'noto-sans', weight), ...chinese],
    known: new Map<number, Glyph>(),
  })) as [Weight, Weight];
  const read = new Map<string, EmbeddedFont>();

  function fontOf(file: string): EmbeddedFont {
    let font = read.get(file);
    if (font === undefined) {
      doc.registerFont(file, readFileSync(path.join(folder, file)));
      font = (doc.font(file) as unknown as { _font: EmbeddedFont })._font;
      read.set(file, font);
    }
    return font;
  }

  function find(codePoint: number, { subsets }: Weight): EmbeddedFont | null {
    for (const { file, ranges } of subsets) {
      if (!ranges.some(([from, to]) => codePoint >= from && codePoint <= to)) continue;
      const font = fontOf(file);
      if (font.font.hasGlyphForCodePoint(codePoint)) return font;
    }
    return null;
  }

  function make(codePoint: number, weight: Weight): Glyph {
    const font = find(codePoint, weight);
    if (font === null) return codePoint === unknown ? make(0x3f, weight) : glyph(unknown, weight);
    const [[code = '0000'], [position]] = font.encode(String.fromCodePoint(codePoint));
    return { font, code, width: (position?.advanceWidth ?? 0) / 1000 };
  }

  function glyph(codePoint: number, weight: Weight): Glyph {
    let known = weight.known.get(codePoint);
    if (known === undefined) {
      known = make(codePoint, weight);
      weight.known.set(codePoint, known);
    }
    return known;
  }

  return {
    glyphs: (text, isBold) => Array.from(text, (char) => glyph(char.codePointAt(0) ?? unknown, isBold ? bold : regular)),
  };
}

type Weight = { subsets: Subset[]; known: Map<number, Glyph> };

function subsetsOf(folder: string, family: (typeof families)[number]['name'], weight: number): Subset[] {
  const named: Record<string, string> = JSON.parse(readFileSync(path.join(folder, family, 'unicode.json'), 'utf8'));
  const wanted = families.find(({ name }) => name === family)?.subset ?? /^$/;
  return (
    Object.entries(named)
      .filter(([name]) => wanted.test(name))
      .map(([name, ranges]) => ({
        name,
        file: `${family}/files/${family}-${name.replace(/[[\]]/g, '')}-${weight}-normal.woff`,
        ranges: ranges.split(',').map(rangeOf),
      }))
      // What `latin` has, others repeat.
      .sort((a, b) => Number(b.name === 'latin') - Number(a.name === 'latin'))
  );
}

/** `U+4E00` or `U+0100-02BA`. */
function rangeOf(text: string): [number, number] {
  const [from = '', to = from] = text.trim().slice(2).split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}
