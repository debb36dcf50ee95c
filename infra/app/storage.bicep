// Two accounts, without keys. The host's own holds the package and the task hub; it needs wide rights there. The
// records' account holds what must be believed later: executions, locks, evidence and plans.

param location string
param tags object
param hostAccountName string
param recordsAccountName string
param appPrincipalId string
param workspaceId string
param isPrivate bool
param evidenceDays int

var packageContainerName = 'app-package'

module host 'storage-account.bicep' = {
  name: 'host-storage'
  params: {
    name: hostAccountName
    location: location
    tags: tags
    isPrivate: isPrivate
    keepsVersions: false
    containers: [packageContainerName]
    workspaceId: workspaceId
    // The host leases blobs, reads and writes queues, and keeps the task hub's tables.
    roles: {
      blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
      queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
      tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
    }
    principalId: appPrincipalId
  }
}

module records 'storage-account.bicep' = {
  name: 'records-storage'
  params: {
    name: recordsAccountName
    location: location
    tags: tags
    isPrivate: isPrivate
    keepsVersions: true
    containers: ['executions', 'plans']
    workspaceId: workspaceId
    roles: {
      blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
      tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
    }
    principalId: appPrincipalId
  }
}

module evidence 'evidence.bicep' = {
  name: 'evidence'
  params: {
    accountName: records.outputs.name
    days: evidenceDays
  }
}

output hostAccountId string = host.outputs.id
output recordsAccountId string = records.outputs.id
output packageContainer string = '${host.outputs.blobs}${packageContainerName}'
output hostBlobs string = host.outputs.blobs
output hostQueues string = host.outputs.queues
output hostTables string = host.outputs.tables
output recordsBlobs string = records.outputs.blobs
output recordsTables string = records.outputs.tables
