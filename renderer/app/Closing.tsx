import { lazy, Suspense, useEffect, useState } from 'react';
import { on } from '../store/bridge.ts';

const ClosingDialog = lazy(async () => ({ default: (await import('./ClosingDialog.tsx')).ClosingDialog }));

/** Asks once what closing the window means. */
export function Closing() {
  const [asked, setAsked] = useState(false);
  useEffect(() => on('closing', () => setAsked(true)), []);
  if (!asked) return null;
  return (
    <Suspense>
      <ClosingDialog onDone={() => setAsked(false)} />
    </Suspense>
  );
}
