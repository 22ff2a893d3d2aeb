import type { Network } from '../learning/network.ts';
import type { Calibration } from './calibrate.ts';

/** The network whose logits are calibrated: temperature and bias become part of its last layer. */
export function bakeCalibration(network: Network, { factor, bias }: Calibration): Network {
  return {
    ...network,
    weights4: network.weights4.map((weight) => weight * factor),
    bias4: network.bias4.map((value) => value * factor + bias),
  };
}
