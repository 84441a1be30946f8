export type TankKind = 'weights' | 'kv' | 'compute' | 'other' | 'over' | 'free';

/** A stretch of the ruler's bar. */
export interface TankPart {
  readonly kind: TankKind;
  readonly value: number;
}
