/** What a key asks for where requests are decided. */
export type KeyWish = 'approve' | 'reject' | 'narrow' | 'send' | 'close';

type Key = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; isComposing: boolean };

/**
 * What a key asks for; null for nothing. `typing` is whether the focus is in a field: letters belong to the text there, Ctrl+Enter (or
 * Command+Enter) and Escape do not. A letter only chooses; nothing is decided before Enter on a button or Ctrl+Enter. Pure.
 */
export function wishOf({ key, ctrlKey, metaKey, altKey, isComposing }: Key, typing: boolean): KeyWish | null {
  if (isComposing || altKey) return null;
  if (ctrlKey || metaKey) return key === 'Enter' ? 'send' : null;
  if (key === 'Escape') return 'close';
  if (typing) return null;
  switch (key.toLowerCase()) {
    case 'a':
      return 'approve';
    case 'r':
      return 'reject';
    case 'n':
      return 'narrow';
    default:
      return null;
  }
}

/** Whether what is typed goes into this element. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}
