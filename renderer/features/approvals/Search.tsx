import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from '../../ui/request/RequestList.module.css';

const restMs = 150;

/** Words to look for, asked for as soon as the typing rests. */
export function Search({ label, onSearch }: { label: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other words are another search
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className={classes.search}>
      <TextInput
        type="search"
        size="xs"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText('');
        }}
      />
    </div>
  );
}
