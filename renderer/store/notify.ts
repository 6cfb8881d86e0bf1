import { create } from 'zustand';

export type Message = { id: number; text: string; tone: 'done' | 'problem' };

/** What has just happened: shown for a while, and said to screen readers. */
export const useMessages = create<{ messages: Message[] }>(() => ({ messages: [] }));

let lastId = 0;

export function notify(text: string, tone: Message['tone'] = 'done'): void {
  lastId += 1;
  const id = lastId;
  useMessages.setState(({ messages }) => ({ messages: [...messages.slice(-2), { id, text, tone }] }));
}

export function dismiss(id: number): void {
  useMessages.setState(({ messages }) => ({ messages: messages.filter((one) => one.id !== id) }));
}
