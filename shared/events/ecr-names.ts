import * as z from 'zod/mini'

/** A repository name as ECR takes it. */
export const repositoryName = z.string().check(
  z.maxLength(256),
  z.refine((name) => /^[a-z0-9](?:[a-z0-9._/-]{0,254}[a-z0-9])?$/.test(name), 'expected the name of a repository'),
)

/** A digest of an image; the documents of AWS show shortened ones, so only its characters are looked at. */
export const imageDigest = z
  .string()
  .check(z.refine((digest) => /^sha(?:256|512):[A-Za-z0-9]{16,128}$/.test(digest), 'expected the digest of an image'))
