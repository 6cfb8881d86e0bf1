import { createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e8f8f4',
  '#d2efe8',
  '#a5ded0',
  '#74cdb7',
  '#4bbda1',
  '#26a98c',
  '#0f8a72',
  '#0b7561',
  '#075e4e',
  '#04463a',
];

// Mantine's dark greys with the navy of the sidebar in them.
const dark: MantineColorsTuple = [
  '#e4e8f0',
  '#b7c0d0',
  '#9aa5b8',
  '#6d788c',
  '#36425a',
  '#2a3446',
  '#1d2635',
  '#171e2b',
  '#10151f',
  '#0b0f17',
];

/** The systems' fonts for Chinese, then the one that is brought along (chinese.ts). */
const chinese = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC'";

/** Calm, dense, clear. Primary shades are chosen so that white text on them, and they on white, reach 4.5 to 1 (WCAG 1.4.3). */
export const theme = createTheme({
  colors: { teal, dark },
  primaryColor: 'teal',
  primaryShade: 7,
  autoContrast: true,
  fontFamily: `'Inter Variable', Inter, system-ui, sans-serif, ${chinese}`,
  fontFamilyMonospace: `'JetBrains Mono', 'DejaVu Sans Mono', ui-monospace, monospace, ${chinese}`,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1rem' }, h2: { fontSize: '0.9375rem' }, h3: { fontSize: '0.875rem' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, lockScroll: false, removeScrollProps: { enabled: false } } },
    // Its placeholder for the first focus would be a child that a menu may not have; the first item takes the focus.
    Menu: { defaultProps: { transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
  },
});
