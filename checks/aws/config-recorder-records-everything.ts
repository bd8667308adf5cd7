import { AwsConfigRecorder, exampleNoRecorder, exampleRecorder } from '../../collectors/aws/config-recorder/resource.ts';
import { defineCheck, fail, pass, z } from '../../src/authoring.ts';

export default defineCheck({
  id: 'aws/config-recorder-records-everything',
  claim: 'The configuration recorder of the region is on and records every type of resource of that region',
  subject: AwsConfigRecorder,
  severity: 'medium',
  rationale:
    'Without a recorder nobody can say how a resource was configured last month, and changes outside of the pipeline leave no trace. What is left out of the recording is left out of the inventory too. Global types (IAM) need to be recorded in one region only, so that this does not ask for them here.',
  remediation: {
    console: 'AWS Config, Settings, Edit: recording on, all resource types.',
    cli: 'aws configservice put-configuration-recorder --configuration-recorder name=default,roleARN=<role> --recording-group allSupported=true; aws configservice start-configuration-recorder --configuration-recorder-name default',
    terraform:
      'aws_config_configuration_recorder with recording_group { all_supported = true }, and aws_config_configuration_recorder_status with is_enabled = true, in every region',
  },
  references: ['https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html'],
  changes: { breaks: ['config.amazonaws.com:StopConfigurationRecorder', 'config.amazonaws.com:DeleteConfigurationRecorder'], mends: [] },
  parameters: z.object({ mayExclude: z.array(z.string()).default([]) }),
  test(config, { parameters }) {
    if (config.recorder === null) return fail('the region has no configuration recorder');
    if (!config.recording) return fail('the configuration recorder is switched off');
    const left = config.excludedTypes.filter((type) => !parameters.mayExclude.includes(type));
    if (config.recordsAllTypes || (config.excludedTypes.length > 0 && left.length === 0)) return pass('every type of resource is recorded');
    return fail(left.length > 0 ? `not recorded: ${left.join(', ')}` : 'only chosen types of resources are recorded');
  },
  examples: {
    pass: { 'on, everything': exampleRecorder },
    fail: {
      'no recorder': exampleNoRecorder,
      'switched off': { ...exampleRecorder, recording: false },
      'chosen types': { ...exampleRecorder, recordsAllTypes: false },
      'all but some': { ...exampleRecorder, recordsAllTypes: false, excludedTypes: ['AWS::IAM::Role'] },
    },
  },
});
