import { useUi } from '../../store/context';
import { Icon } from '../../ui/Icon';
import { text } from './strings';

export function Settings() {
  const showMain = useUi((ui) => ui.showMain);
  return (
    <section aria-label={text('view')}>
      <button type="button" className="button button-icon" aria-label={text('back')} onClick={showMain}>
        <Icon name="back" />
      </button>
    </section>
  );
}
