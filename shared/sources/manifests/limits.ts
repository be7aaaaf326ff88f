/** How much of a directory of manifests is read: beyond it, a problem says so. */
export interface ManifestLimits {
  /** Bytes of one file. */
  readonly fileBytes: number
  /** Characters of one document: parsing hostile text takes a thousand times its memory. */
  readonly documentLength: number
  /** Bytes of all files. */
  readonly totalBytes: number
  readonly files: number
  /** Directories below the one that is named. */
  readonly directoryDepth: number
  /** Kubernetes objects of all files, members of lists included. */
  readonly objects: number
  /** Collections inside collections of one document. */
  readonly nesting: number
  /** Uses of YAML aliases in one document, after which it counts as an attack. */
  readonly aliases: number
}

/** Far above what a cluster's manifests need. */
export const defaultManifestLimits: ManifestLimits = {
  fileBytes: 16 * 1024 * 1024,
  documentLength: 1024 * 1024,
  totalBytes: 128 * 1024 * 1024,
  files: 10_000,
  directoryDepth: 32,
  objects: 50_000,
  nesting: 256,
  aliases: 100,
}
