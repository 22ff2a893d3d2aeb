import type { SettingDefinition } from '../../config/settings.ts';

export type SettingValue = string | number | boolean | readonly string[] | null;
export type ReadSetting =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly expected: string };

/**
 * A raw value as the setting's type. Flags and environment hand in text, the file what JSON made of it; text is
 * only turned into numbers, booleans and lists when it came as text (`fromText`).
 */
export function readSetting(definition: SettingDefinition, raw: unknown, fromText: boolean): ReadSetting {
  if (raw === null && definition.default === null) return { ok: true, value: null };
  switch (definition.type) {
    case 'string':
      return typeof raw === 'string' && raw !== ''
        ? { ok: true, value: raw }
        : wrong('a text that is not empty');
    case 'enum': {
      const values = definition.values ?? [];
      return typeof raw === 'string' && values.includes(raw)
        ? { ok: true, value: raw }
        : wrong(`one of ${values.join(', ')}`);
    }
    case 'boolean':
      if (typeof raw === 'boolean') return { ok: true, value: raw };
      if (fromText && /^(true|1|yes|on)$/i.test(String(raw))) return { ok: true, value: true };
      if (fromText && /^(false|0|no|off)$/i.test(String(raw))) return { ok: true, value: false };
      return wrong('true or false');
    case 'integer':
      return readInteger(definition, raw, fromText);
    case 'list':
      return readList(raw, fromText);
  }
}

function readInteger(definition: SettingDefinition, raw: unknown, fromText: boolean): ReadSetting {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = definition;
  const number = fromText && /^\d{1,15}$/.test(String(raw)) ? Number(raw) : raw;
  const fits = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
  return fits ? { ok: true, value: number } : wrong(`a whole number from ${min} to ${max}`);
}

function readList(raw: unknown, fromText: boolean): ReadSetting {
  const items = fromText
    ? String(raw)
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : raw;
  const fits = Array.isArray(items) && items.every((item) => typeof item === 'string');
  return fits ? { ok: true, value: items as string[] } : wrong(fromText ? 'a, b, c' : '["a", "b"]');
}

function wrong(expected: string): ReadSetting {
  return { ok: false, expected };
}
