import { MantineProvider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useSettings } from '../store/settings.ts';
import { theme } from '../theme/theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** What every page wears: the theme, in the scheme that is chosen. */
export function Themed({ children }: { children: ReactNode }) {
  const settings = useSettings();
  return (
    <MantineProvider theme={theme} forceColorScheme={useColorScheme(settings.theme)} getStyleNonce={() => nonce}>
      {children}
    </MantineProvider>
  );
}

/** The scheme that holds: the chosen one, or the system's, as it changes. */
function useColorScheme(choice: 'system' | 'light' | 'dark'): 'light' | 'dark' {
  const dark = useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false });
  return choice === 'system' ? (dark ? 'dark' : 'light') : choice;
}
