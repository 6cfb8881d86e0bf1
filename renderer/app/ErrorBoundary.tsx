import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../ui/Empty.tsx';

/** What is drawn when drawing failed: a sentence and a way on, never a stack. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <Empty title={t('common.broken.title')} text={t('common.broken.text')}>
      <Button onClick={() => window.location.reload()}>{t('common.actions.reload')}</Button>
    </Empty>
  );
}
