import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { call } from '../store/bridge.ts';
import { failureOf } from '../store/live.ts';
import { notify } from '../store/notify.ts';
import { useFailureTexts } from '../ui/Failure.tsx';

/** Whether the app goes on in the tray. The answer is kept; the settings can change it. */
export function ClosingDialog({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const textOf = useFailureTexts();
  const answer = (background: boolean) => {
    call('app.close', { background })
      .catch((error) => notify(textOf(failureOf(error)).what, 'problem'))
      .finally(onDone);
  };
  return (
    <Modal
      opened
      onClose={onDone}
      centered
      title={t('common.closing.title')}
      closeButtonProps={{ 'aria-label': t('common.actions.close') }}
    >
      <Text size="sm">{t('common.closing.text')}</Text>
      <Text size="sm" c="dimmed" mt="xs">
        {t('common.closing.hint')}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => answer(false)}>
          {t('common.closing.quit')}
        </Button>
        <Button data-autofocus onClick={() => answer(true)}>
          {t('common.closing.stay')}
        </Button>
      </Group>
    </Modal>
  );
}
