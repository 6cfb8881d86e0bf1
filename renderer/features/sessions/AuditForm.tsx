import { Button, Group, Radio, Stack, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { maxCommentLength, objects } from '../../../contract/review.ts';
import { type AuditVerdict, auditVerdicts } from '../../../contract/session.ts';
import type { Audit } from '../../store/use-audit.ts';
import classes from './ReviewCard.module.css';

/** A verdict, and what was found. What is wrong has to be said in words. */
export function AuditForm({ audit }: { audit: Audit }) {
  const { t } = useTranslation();
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void audit.save();
      }}
    >
      <Radio.Group
        label={t('review.verdict')}
        value={audit.verdict}
        onChange={(value) => audit.setVerdict(value as AuditVerdict)}
      >
        <Group gap="lg" mt={6}>
          {auditVerdicts.map((verdict) => (
            <Radio key={verdict} size="xs" value={verdict} label={t(`review.verdicts.${verdict}`)} />
          ))}
        </Group>
      </Radio.Group>
      <Textarea
        label={t(audit.verdict && objects(audit.verdict) ? 'review.why' : 'review.whyOptional')}
        value={audit.text}
        maxLength={maxCommentLength}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => audit.setText(event.currentTarget.value)}
      />
      <Stack gap={8}>
        {audit.problem && (
          <p className={classes.problem} role="alert">
            {t(`review.failed.${audit.problem}`)}
          </p>
        )}
        <Group gap="xs">
          <Button type="submit" size="compact-sm" loading={audit.busy}>
            {t('review.save')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={audit.cancel}>
            {t('review.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
