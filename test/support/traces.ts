import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(name);
    return entry.isFile() ? [name] : [];
  });
}

/** In which files below a folder some text can be read, in the forms in which programs write text down: `file: text`. */
export function tracesOf(texts: readonly string[], folder: string): string[] {
  const forms = texts.flatMap((text) => {
    const inBase64 = [0, 1, 2].map((shift) => {
      // What of a base64 text does not depend on what stands before and after.
      const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
      return Buffer.from(whole.slice(Math.ceil((shift * 8) / 6) + 1, -4));
    });
    return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(encodeURIComponent(text)), ...inBase64].map((bytes) => ({
      text,
      bytes,
    }));
  });
  return filesBelow(folder).flatMap((file) => {
    if (statSync(file).size === 0) return [];
    const contents = readFileSync(file);
    return [...new Set(forms.filter(({ bytes }) => contents.includes(bytes)).map(({ text }) => text))].map(
      (text) => `${path.relative(folder, file)}: ${text}`,
    );
  });
}
