import { Checkbox, Stack } from '@mantine/core';

type Props<T extends string> = {
  label: string;
  options: readonly { value: T; label: string }[];
  value: readonly T[];
  onChange: (value: T[]) => void;
};

/** Some of a few values, in the order in which they are offered. */
export function Choices<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <Checkbox.Group
      label={label}
      value={[...value]}
      onChange={(chosen) => onChange(options.map((option) => option.value).filter((option) => chosen.includes(option)))}
    >
      <Stack gap={8} mt={8}>
        {options.map((option, index) => (
          <Checkbox
            key={option.value}
            size="xs"
            value={option.value}
            label={option.label}
            data-autofocus={index === 0 || undefined}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
