import type { Desktop } from './desktop.ts';

export type ShownNotice = { id: number; title: string; body: string };

/** Every notice that the daemon shows or has shown, newest first. */
export async function noticesOn(desktop: Desktop): Promise<ShownNotice[]> {
  // What is still on the screen is not in the history yet.
  await desktop.run('dunstctl', 'close-all');
  const { data } = JSON.parse(await desktop.run('dunstctl', 'history')) as {
    data: { id: { data: number }; summary: { data: string }; body: { data: string }; appname: { data: string } }[][];
  };
  return data.flat().map(({ id, summary, body }) => ({ id: id.data, title: summary.data, body: body.data }));
}

/** Clicks the newest notice on the screen, as its user would. */
export const clickNotice = (desktop: Desktop) => desktop.run('dunstctl', 'action');
