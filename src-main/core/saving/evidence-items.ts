import type { RecordingDetails } from '@shared/domain/recording';
import type { SaveVerification } from '@shared/domain/saves';

/** Who made a package, when and from where. */
export interface EvidenceOrigin {
  readonly serverAddress: string;
  readonly username: string;
  readonly appVersion: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** A recording of a package, with what was found when it was fetched. */
export interface EvidenceItem {
  readonly details: RecordingDetails;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Of the file in the package, upper-case hexadecimal. */
  readonly sha256: string;
  readonly verification: SaveVerification;
}

/** One line of a hash list. */
export interface HashLine {
  readonly fileName: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A list that `sha256sum -c` checks. Names hold no backslash and no line break: they were made safe. */
export function hashList(lines: readonly HashLine[]): string {
  return lines.map(({ fileName, sha256 }) => `${sha256.toLowerCase()}  ${fileName}\n`).join('');
}

/** Everything the server tells of each recording, and what was found, as JSON for people and programs. */
export function metadataJson(items: readonly EvidenceItem[], origin: EvidenceOrigin): string {
  const document = {
    format: 'reclight-evidence',
    version: 1,
    createdAt: new Date(origin.createdAt).toISOString(),
    createdBy: origin.username,
    server: origin.serverAddress,
    application: `RecLight ${origin.appVersion}`,
    recordings: items.map(({ details, fileName, sizeBytes, sha256, verification }) => ({
      file: fileName,
      sizeBytes,
      sha256: sha256.toLowerCase(),
      verification,
      server: {
        ...details,
        startTime: new Date(details.startTime).toISOString(),
        sha256: details.sha256?.toLowerCase() ?? null,
      },
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
