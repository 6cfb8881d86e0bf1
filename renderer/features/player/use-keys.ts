import { useEffect } from 'react';
import type { SessionEvent } from '../../../contract/session.ts';
import type { Engine } from './engine.ts';
import { nextEventMs, previousEventMs } from './event-steps.ts';
import { type Command, commandOf } from './keys.ts';
import { stepSpeed } from './speeds.ts';

/** The player's keys, wherever in its page the focus is. */
export function usePlayerKeys(engine: Engine | null, events: readonly SessionEvent[]): void {
  useEffect(() => {
    if (!engine) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const focus = target?.closest('select, input, textarea') ? 'choice' : target?.closest('button') ? 'button' : 'other';
      const command = commandOf(event.key, { control: event.ctrlKey, alt: event.altKey, meta: event.metaKey }, focus);
      if (!command) return;
      event.preventDefault();
      obey(command, engine, events);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [engine, events]);
}

function obey(command: Command, engine: Engine, events: readonly SessionEvent[]): void {
  const { playing, positionMs, durationMs, speed, live } = engine.playback.getState();
  switch (command.do) {
    case 'toggle':
      if (playing) engine.pause();
      else engine.play();
      break;
    case 'by':
      engine.seek(positionMs + command.ms);
      break;
    case 'to':
      if (live && command.place === 'end') engine.goLive();
      else engine.seek(command.place === 'start' ? (live?.fromMs ?? 0) : durationMs);
      break;
    case 'speed':
      if (!live) engine.setSpeed(stepSpeed(speed, command.step));
      break;
    case 'event': {
      const to = live ? null : (command.step > 0 ? nextEventMs : previousEventMs)(events, positionMs);
      if (to !== null) engine.seek(to);
      break;
    }
    default:
      command satisfies never;
  }
}
