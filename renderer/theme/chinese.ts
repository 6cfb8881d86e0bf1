/**
 * Brings the font for Chinese along, once the page has nothing else to do. Where no font has a character, each look for one takes longer than
 * laying out a row, and it is made again each time the text is drawn.
 */
export function bringChinese(): void {
  requestIdleCallback(() => void import('@fontsource/noto-sans-sc/400.css'));
}
