// The function app on Flex Consumption, its settings, and the sign-in in front of it.

param name string
param planName string
param location string
param tags object
param componentName string
param workspaceId string

@description('Resource and client ids of the three identities.')
param identities {
  watchId: string
  failoverId: string
  forcedId: string
  watchClientId: string
  failoverClientId: string
  forcedClientId: string
}

@description('Addresses of the stores.')
param storage {
  packageContainer: string
  hostBlobs: string
  hostQueues: string
  hostTables: string
  recordsBlobs: string
  recordsTables: string
}

@description('Empty: no network of its own.')
param subnetId string

@description('Empty: orchestrations are kept in Azure Storage.')
param schedulerEndpoint string

param taskHubName string
param plans string

@description('Empty: function keys.')
param signInClientId string

@description('Further settings, NAME=value, separated by spaces.')
@secure()
param moreSettings string

param alwaysReady array
param zoneRedundant bool

var hasSignIn = !empty(signInClientId)

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identities.watchId}': {}
      '${identities.failoverId}': {}
      '${identities.forcedId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Settings may be references to secrets in a vault that this identity may read.
    keyVaultReferenceIdentity: identities.watchId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: storage.packageContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identities.watchId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '24'
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
      }
    }
  }

  // Packages and logs are reached with Entra tokens only.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

module signIn 'sign-in.bicep' = if (hasSignIn) {
  name: 'sign-in'
  params: {
    siteName: site.name
    clientId: signInClientId
  }
}

var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: storage.hostBlobs
  AzureWebJobsStorage__queueServiceUri: storage.hostQueues
  AzureWebJobsStorage__tableServiceUri: storage.hostTables
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identities.watchClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identities.watchClientId}'
  TASKHUB_NAME: taskHubName
}

// Said over host.json, which names Azure Storage: one package serves both.
var schedulerSettings = empty(schedulerEndpoint) ? {} : {
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identities.watchClientId}'
}

var appSettings = {
  AUTH: hasSignIn ? 'entra' : 'keys'
  SWITCHOVER_SIGN_IN_CLIENT_ID: hasSignIn ? signIn.outputs.clientId : ''
  AZURE_CLIENT_ID: identities.watchClientId
  SWITCHOVER_FAILOVER_CLIENT_ID: identities.failoverClientId
  SWITCHOVER_FORCED_CLIENT_ID: identities.forcedClientId
  AZURE_RESOURCE_MANAGER: environment().resourceManager
  AZURE_TOKEN_SCOPE: '${environment().resourceManager}.default'
  SWITCHOVER_REGION: location
  SWITCHOVER_TABLES: storage.recordsTables
  SWITCHOVER_BLOBS: storage.recordsBlobs
  SWITCHOVER_PLANS: plans
}

// App Service proves with this identity that it may sign people in: no client secret, nothing that expires.
var signInSettings = hasSignIn ? { OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identities.watchClientId } : {}

// All settings are written at once, and what is not among them is removed: so the operator's own come through here.
var operatorSettings = toObject(
  filter(split(moreSettings, ' '), setting => contains(setting, '=')),
  setting => split(setting, '=')[0],
  setting => join(skip(split(setting, '='), 1), '=')
)

// After the sign-in, never before: the app trusts the platform's header as soon as these say so, and one of them is an
// output of it. The other way round is safe, too, because leaving the client id out does not take an existing sign-in away.
resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: union(operatorSettings, hostSettings, schedulerSettings, appSettings, signInSettings)
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'switchover'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output name string = site.name
output uri string = 'https://${site.properties.defaultHostName}'
