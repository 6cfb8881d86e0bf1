const wide = /[^\0-\xff]/;
const everyWide = new RegExp(wide, 'g');

/**
 * The same JSON with every character beyond Latin-1 escaped, where that makes it smaller: one such character in a page makes a string of two
 * bytes a character, which takes half as long again from process to process.
 */
export function narrowJson(text: string): string {
  if (!wide.test(text)) return text;
  const escaped = text.replace(everyWide, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped.length >= 2 * text.length) return text;
  // What is cut from a string of two bytes a character stays one; read from bytes it is not.
  return Buffer.from(escaped, 'latin1').toString('latin1');
}
