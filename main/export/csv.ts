/** One line of CSV (RFC 4180), ended by CRLF. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell. Text that a spreadsheet would take for a formula, in signs of any width, is led by an apostrophe (OWASP: CSV injection): user
 * names and typed commands come from elsewhere.
 */
function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return quoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const quoted = /[",\r\n]/;
