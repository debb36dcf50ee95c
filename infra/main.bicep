// Switchover in its witness region: one resource group with everything it needs, and nothing of the applications.
targetScope = 'subscription'

@description('Name of the environment: part of the resource group\'s name, and of a hash in all other names.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('The witness region: a third one, in which none of the protected applications can run.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Regions of all sites of all plans, separated by commas. Their loss must not take Switchover along.')
@minLength(1)
param planRegions string

@description('Deploy even into a region of a plan. That plan keeps a critical finding.')
param force bool = false

@description('Where plans are kept: a folder of the package, or blob for the plans container.')
param plans string = 'plans'

@description('Client id of the app registration with which people sign in. Empty: function keys, and nobody can approve.')
param signInClientId string = ''

@description('Object id of that app registration, for alerts that Azure Monitor signs. Empty: alerts only reach people.')
param signInObjectId string = ''

@description('Addresses that hear of trouble with Switchover itself, separated by commas.')
param operatorEmails string = ''

@description('Storage without public access, behind private endpoints, and a network for the app.')
param privateNetwork bool = false

@description('Instances in more than one zone. Not every region offers it for Flex Consumption.')
param zoneRedundant bool = true

@description('Durable Task Scheduler in place of Azure Storage for orchestrations. There is no way back for running ones.')
param durableTaskScheduler bool = false

@description('Name of the task hub: letters and digits. Another name leaves running orchestrations behind.')
@minLength(3)
@maxLength(45)
param taskHubName string = 'switchover'

@description('Instances that are never cold, for each group that Flex Consumption scales on its own.')
param alwaysReady array = [
  {
    name: 'http'
    instanceCount: 1
  }
  {
    name: 'durable'
    instanceCount: 1
  }
  {
    name: 'function:watch'
    instanceCount: 1
  }
]

@description('For how many days evidence can be neither changed nor deleted.')
@minValue(1)
@maxValue(146000)
param evidenceDays int = 365

@description('For how many days logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 90

@description('Further settings, NAME=value, separated by spaces: webhooks, keys, name servers. Webhook addresses are credentials.')
@secure()
param moreSettings string = ''

@description('Name of the resource group, when rg-ENVIRONMENT will not do.')
param resourceGroupName string = ''

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var functionAppName = '${abbreviations.webSitesFunctions}switchover-${token}'

var forbiddenRegions = map(split(planRegions, ','), region => toLower(replace(region, ' ', '')))
var isInPlanRegion = contains(forbiddenRegions, toLower(replace(location, ' ', '')))

// fail() stops the evaluation of the whole template before anything is deployed, and in what-if, too. Assertions would
// say the same but are experimental, and @allowed cannot know the plans.
var witnessRegion = isInPlanRegion && !force
  ? fail('Switchover must not live in ${location}: a plan has a site there, and the loss of the region would take both. Choose a third region, or set force to accept it.')
  : location

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: empty(resourceGroupName) ? '${abbreviations.resourcesResourceGroups}${environmentName}' : resourceGroupName
  location: witnessRegion
  tags: tags
}

module identities 'app/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    prefix: '${abbreviations.managedIdentityUserAssignedIdentities}switchover'
    suffix: token
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${token}'
    componentName: '${abbreviations.insightsComponents}${token}'
    retentionDays: logDays
    publisherPrincipalId: identities.outputs.watchPrincipalId
  }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    hostAccountName: '${abbreviations.storageStorageAccounts}host${token}'
    recordsAccountName: '${abbreviations.storageStorageAccounts}rec${token}'
    appPrincipalId: identities.outputs.watchPrincipalId
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
    evidenceDays: evidenceDays
  }
}

module network 'app/network.bicep' = if (privateNetwork) {
  name: 'network'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    name: '${abbreviations.networkVirtualNetworks}${token}'
    endpointPrefix: abbreviations.networkPrivateEndpoints
    hostAccountId: storage.outputs.hostAccountId
    recordsAccountId: storage.outputs.recordsAccountId
  }
}

module scheduler 'app/scheduler.bicep' = if (durableTaskScheduler) {
  name: 'scheduler'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    name: '${abbreviations.durableTaskSchedulers}${token}'
    taskHubName: taskHubName
    workerPrincipalId: identities.outputs.watchPrincipalId
  }
}

module app 'app/function.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: functionAppName
    planName: '${abbreviations.webServerFarms}${token}'
    location: witnessRegion
    tags: tags
    identities: {
      watchId: identities.outputs.watchId
      failoverId: identities.outputs.failoverId
      forcedId: identities.outputs.forcedId
      watchClientId: identities.outputs.watchClientId
      failoverClientId: identities.outputs.failoverClientId
      forcedClientId: identities.outputs.forcedClientId
    }
    storage: {
      packageContainer: storage.outputs.packageContainer
      hostBlobs: storage.outputs.hostBlobs
      hostQueues: storage.outputs.hostQueues
      hostTables: storage.outputs.hostTables
      recordsBlobs: storage.outputs.recordsBlobs
      recordsTables: storage.outputs.recordsTables
    }
    componentName: monitoring.outputs.componentName
    workspaceId: monitoring.outputs.workspaceId
    subnetId: privateNetwork ? network.outputs.appSubnetId : ''
    schedulerEndpoint: durableTaskScheduler ? scheduler.outputs.endpoint : ''
    taskHubName: taskHubName
    plans: plans
    signInClientId: signInClientId
    moreSettings: moreSettings
    alwaysReady: alwaysReady
    zoneRedundant: zoneRedundant
  }
}

module alerts 'alerts/own.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    actionGroupPrefix: abbreviations.insightsActionGroups
    workspaceId: monitoring.outputs.workspaceId
    appUri: app.outputs.uri
    signInClientId: signInClientId
    signInObjectId: signInObjectId
    operatorEmails: operatorEmails
  }
}

module workbook 'app/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: witnessRegion
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output AZURE_LOCATION string = witnessRegion
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name

@description('What the command line takes as --url or SWITCHOVER_URL.')
output SWITCHOVER_URL string = app.outputs.uri

@description('For what applications\' alert rules call.')
output SWITCHOVER_ALERT_ACTION_GROUP_ID string = alerts.outputs.signalsActionGroupId

@description('To whom the roles that plans need are given.')
output SWITCHOVER_WATCH_PRINCIPAL_ID string = identities.outputs.watchPrincipalId
output SWITCHOVER_FAILOVER_PRINCIPAL_ID string = identities.outputs.failoverPrincipalId
output SWITCHOVER_FORCED_PRINCIPAL_ID string = identities.outputs.forcedPrincipalId
