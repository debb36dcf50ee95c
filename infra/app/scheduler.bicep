// Durable Task Scheduler in place of Azure Storage: faster, with a dashboard, paid for by use.

param location string
param tags object
param name string
param taskHubName string
param workerPrincipalId string

@description('Who may connect at all. Flex Consumption has no fixed addresses; identity decides in any case.')
param allowedAddresses array = ['0.0.0.0/0']

var dataContributorRole = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: allowedAddresses
    sku: {
      name: 'Consumption'
    }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

resource work 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hub.id, workerPrincipalId, dataContributorRole)
  scope: hub
  properties: {
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributorRole)
  }
}

output endpoint string = scheduler.properties.endpoint
