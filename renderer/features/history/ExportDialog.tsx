import { Alert, Button, Checkbox, Group, Modal, Progress, Radio, Stack, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportFormat, type HistoryQuery } from '../../../contract/history.ts';
import { usePolicy } from '../../store/policy.ts';
import { ActionFailure } from '../../ui/ActionFailure.tsx';
import filterClasses from '../../ui/filter/Filter.module.css';
import classes from './ExportDialog.module.css';
import { cancelExport, type ExportState, forgetExport, startExport, useExport } from './export.ts';
import { filterLines } from './filter.ts';
import { useFilterWords } from './words.ts';

type Props = { query: HistoryQuery; total: number | null };

/** The button that opens the dialog; where the policy forbids exports it says so instead. */
export function ExportButton({ query, total }: Props) {
  const { t } = useTranslation();
  const policy = usePolicy();
  const { state } = useExport();
  // Who left while it was written is told on coming back how it ended.
  const [opened, setOpened] = useState(() => useExport.getState().state.name !== 'idle');
  const allowed = policy.state !== 'ready' || policy.value.exportsAllowed;
  return (
    <>
      <Tooltip label={t('history.export.notAllowed')} disabled={allowed} events={{ hover: true, focus: true, touch: true }}>
        <Button
          className={filterClasses.tool}
          variant="default"
          size="compact-sm"
          aria-disabled={!allowed}
          data-disabled={!allowed || undefined}
          aria-description={allowed ? undefined : t('history.export.notAllowed')}
          onClick={() => {
            if (!allowed) return;
            forgetExport();
            setOpened(true);
          }}
        >
          {t('history.export.open')}
        </Button>
      </Tooltip>
      <Modal
        opened={opened || state.name === 'writing'}
        onClose={() => {
          if (state.name !== 'writing') setOpened(false);
        }}
        closeOnClickOutside={false}
        withCloseButton={state.name !== 'writing'}
        centered
        size={480}
        title={t('history.export.title')}
        closeButtonProps={{ 'aria-label': t('common.actions.close') }}
      >
        <Content query={query} total={total} state={state} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function Content({ query, total, state, onClose }: Props & { state: ExportState; onClose: () => void }) {
  const { t } = useTranslation();
  switch (state.name) {
    case 'idle':
    case 'canceled':
    case 'failed':
      return (
        <Wish query={query} total={total} onClose={onClose}>
          {state.name === 'failed' && <ActionFailure failure={state.failure} />}
          {state.name === 'canceled' && (
            <Alert color="gray" variant="light" role="status">
              {t('history.export.canceled')}
            </Alert>
          )}
        </Wish>
      );
    case 'writing':
      return <Writing progress={state.progress} />;
    case 'done':
      return (
        <Stack gap="md">
          <Alert color="teal" variant="light" role="status" title={t('history.export.done', { count: state.saved.rows })}>
            {t(`history.export.recorded.${state.saved.recorded}`)}
          </Alert>
          <Group justify="flex-end">
            <Button data-autofocus onClick={onClose}>
              {t('common.actions.close')}
            </Button>
          </Group>
        </Stack>
      );
    default:
      return state satisfies never;
  }
}

function Wish({ query, total, onClose, children }: Props & { onClose: () => void; children: React.ReactNode }) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [byteOrderMark, setMark] = useState(true);
  const lines = filterLines(query.filter, useFilterWords());
  return (
    <Stack gap="md">
      <div className={classes.what}>
        {total !== null && <strong>{t('history.export.what', { count: total })}</strong>}
        {lines.length === 0 ? (
          <p>{t('history.export.everything')}</p>
        ) : (
          <>
            <p>{t('history.export.fitting')}</p>
            <dl>
              {lines.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
      <Radio.Group label={t('history.export.format')} value={format} onChange={(chosen) => setFormat(chosen as ExportFormat)}>
        <Stack gap={10} mt={8}>
          {ExportFormat.options.map((name, index) => (
            <Radio
              key={name}
              value={name}
              label={t(`history.export.${name}`)}
              description={t(`history.export.${name}Text`)}
              data-autofocus={index === 0 || undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {format === 'csv' && (
        <Checkbox
          label={t('history.export.mark')}
          description={t('history.export.markText')}
          checked={byteOrderMark}
          onChange={(event) => setMark(event.currentTarget.checked)}
        />
      )}
      <p className={classes.told}>{t('history.export.told')}</p>
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.actions.cancel')}
        </Button>
        <Button onClick={() => void startExport({ query, format, byteOrderMark: format === 'csv' && byteOrderMark })}>
          {t('history.export.start')}
        </Button>
      </Group>
    </Stack>
  );
}

function Writing({ progress }: { progress: Extract<ExportState, { name: 'writing' }>['progress'] }) {
  const { t } = useTranslation();
  const rows = progress?.rows ?? 0;
  const total = progress?.total ?? null;
  const text =
    progress === null
      ? t('history.export.writing')
      : total === null
        ? t('history.export.progressSome', { rows })
        : t('history.export.progress', { rows, total });
  return (
    <Stack gap="md">
      <div>
        <p className={classes.progress} role="status">
          {text}
        </p>
        <Progress
          aria-label={t('history.export.writing')}
          value={total ? (rows / total) * 100 : 100}
          animated={total === null}
          striped={total === null}
        />
      </div>
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={cancelExport}>
          {t('history.export.cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
