import { create } from 'zustand';
import type { Synchronisation } from '../../contract/history.ts';
import { on } from './bridge.ts';

/** What main last said about reading the changes at the gateway. */
export const useSynchronisation = create<Synchronisation>(() => ({ state: 'idle' }));

on('synchronisation', (now) => useSynchronisation.setState(now, true));
