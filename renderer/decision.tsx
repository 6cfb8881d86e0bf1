import './theme/global.css';
import { createRoot } from 'react-dom/client';
import { startI18n } from './i18n/index.ts';
import { useSettingsStore } from './store/settings.ts';

void useSettingsStore.load();
startI18n();

const root = document.getElementById('root');
if (root) createRoot(root).render(null);
