import './theme/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startI18n } from './i18n/index.ts';
import { useAccount } from './store/account.ts';
import { useSettingsStore } from './store/settings.ts';
import { bringChinese } from './theme/chinese.ts';

void useAccount.load();
void useSettingsStore.load();
startI18n();

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
bringChinese();
