import type { JsonObject } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith } from './estate.ts'

/** The VPC builders speak of unless told otherwise. */
export const homeVpc = 'vpc-1'

/** An EC2 item of home; `kind` is the word of its ARN. */
export function networkItem(
  type: string,
  id: string,
  kind: string,
  configuration: JsonObject,
  supplementaryConfiguration: JsonObject = {},
): EstatePart {
  return itemWith({
    resourceType: type,
    resourceId: id,
    ARN: `arn:aws:ec2:${home.region}:${home.accountId}:${kind}/${id}`,
    configuration,
    supplementaryConfiguration,
  })
}
