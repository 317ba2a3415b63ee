const judged = ['text', 'json', 'junit', 'sarif', 'markdown', 'html'] as const;

/** The formats that each verb can write, the first unless another is asked for. */
export const formatsOf: Readonly<Record<string, readonly string[]>> = {
  lint: judged,
  diff: judged,
  check: [...judged, 'sagemaker'],
  drift: [...judged, 'evidently', 'sagemaker'],
  profile: ['text', 'json', 'sagemaker'],
  provenance: [...judged, 'openlineage', 'prov', 'ro-crate'],
};
