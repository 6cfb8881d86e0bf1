import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './Filter.module.css';

/** The filters that have no pill yet: choosing one opens it. */
export function MoreFilters<N extends string>(props: {
  names: readonly N[];
  label: (name: N) => string;
  onChoose: (name: N) => void;
}) {
  const { t } = useTranslation();
  if (props.names.length === 0) return null;
  return (
    <Menu position="bottom-start" shadow="md" returnFocus={false}>
      <Menu.Target>
        <button type="button" className={classes.pill} aria-label={t('filter.addLabel')}>
          {t('filter.add')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.names.map((name) => (
          <Menu.Item key={name} onClick={() => props.onChoose(name)}>
            {props.label(name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
