import { Alert } from '@mantine/core';
import type { Failure } from '../../contract/failure.ts';
import { useFailureText } from './Failure.tsx';
import { FailureDetail } from './FailureDetail.tsx';

/** Why what was just tried did not work, beside the buttons that tried it. */
export function ActionFailure({ failure }: { failure: Failure }) {
  const { what, todo, detail } = useFailureText(failure);
  return (
    <Alert color="red" variant="light" role="alert" title={what}>
      {todo}
      <FailureDetail detail={detail} />
    </Alert>
  );
}
