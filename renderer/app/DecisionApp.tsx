import { DecisionPage } from '../features/approvals/DecisionPage.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Themed } from './Themed.tsx';
import { useLanguageOfSettings } from './use-language.ts';

/** The small window in which one request is decided. */
export function DecisionApp() {
  const languageShown = useLanguageOfSettings();
  return (
    <Themed>
      <ErrorBoundary>{languageShown && <DecisionPage />}</ErrorBoundary>
    </Themed>
  );
}
