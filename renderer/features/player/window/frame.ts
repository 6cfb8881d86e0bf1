import { create } from 'zustand';
import type { Frame } from '../../../../contract/viewing.ts';
import { on } from '../../../store/bridge.ts';

/** Where this page lies, and whether what has ended here may be watched again. */
export const useFrame = create<{ frame: Frame; fullScreen: boolean; allowed: boolean }>(() => ({
  frame: 'main',
  fullScreen: false,
  allowed: false,
}));

on('viewing-frame', ({ frame, fullScreen }) => useFrame.setState({ frame, fullScreen }));
on('viewing-allowed', () => useFrame.setState({ allowed: true }));
