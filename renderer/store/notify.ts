import { create } from 'zustand';

/** An alarm stays until somebody has dismissed it. */
export type Message = { id: number; text: string; tone: 'done' | 'problem' | 'alarm' };

/** What has just happened, each thing once: shown for a while, and said to screen readers. */
export const useMessages = create<{ messages: Message[] }>(() => ({ messages: [] }));

let lastId = 0;

export function notify(text: string, tone: Message['tone'] = 'done'): void {
  lastId += 1;
  const id = lastId;
  useMessages.setState(({ messages }) => ({
    messages: [...crowded(messages.filter((one) => one.text !== text)), { id, text, tone }],
  }));
}

export function dismiss(id: number): void {
  useMessages.setState(({ messages }) => ({ messages: messages.filter((one) => one.id !== id) }));
}

/** No more than three at once, but for alarms: those wait for somebody. */
function crowded(messages: Message[]): Message[] {
  const passing = messages.filter(({ tone }) => tone !== 'alarm').slice(-2);
  return messages.filter((one) => one.tone === 'alarm' || passing.includes(one));
}
