import { formatCount } from '#core/units.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';

/** What a plan's judge will be asked, in a sentence; not fine where that is nothing. */
export function judgingWords({ items, judgements, ofPeople }: NonNullable<Estimate['judging']>): {
  readonly isFine: boolean;
  readonly text: string;
} {
  if (items === 0) return { isFine: false, text: 'The chosen suites hold no item for a judge, so it will not be asked.' };
  if (judgements === 0) {
    return { isFine: false, text: 'The judge may judge none of these answers, so it will not be asked. Choose one of another family.' };
  }
  const answers = `About ${formatCount(judgements)} ${judgements === 1 ? 'answer is' : 'answers are'} judged afterwards`;
  const tried = ofPeople === 0 ? '' : `, once the judge has been tried on ${formatCount(ofPeople)} judgements of people`;
  return { isFine: true, text: `${answers}${tried}. The time above is without.` };
}
