import './theme/global.css';
import './theme/signed-in.css';
import { createRoot } from 'react-dom/client';
import { DecisionApp } from './app/DecisionApp.tsx';
import { startI18n } from './i18n/index.ts';
import { useConnection } from './store/connection.ts';
import { useSettingsStore } from './store/settings.ts';
import { bringChinese } from './theme/chinese.ts';

void useSettingsStore.load();
void useConnection.load();
startI18n();

const root = document.getElementById('root');
if (root) createRoot(root).render(<DecisionApp />);
bringChinese();
