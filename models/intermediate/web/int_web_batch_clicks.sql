-- One row is a batch and a browser in it that came by an ad's click. Who refused consent is left out. A row without a
-- browser says that the batch was looked through.
{{ config(materialized='incremental', meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches'}) }}

with

missing_batches as (
    select batch_hash
    from {{ ref('int_canonical_web_event_batches') }}
    {% if carries_on() %}
    where batch_hash in ({{ missing_stamps() }})
    {% endif %}
),

events as (
    select * from {{ ref('int_web_events') }}
    where not is_refused and click_id is not null
    {% if carries_on() -%}
    and batch_hash in ({{ missing_stamps() }})
    {%- endif %}
),

batch_clicks as (
    select distinct
        batch_hash,
        source_system,
        anonymous_id,
        click_id
    from events
    union all
    select
        batch_hash,
        cast(null as string) as source_system,
        cast(null as string) as anonymous_id,
        cast(null as string) as click_id
    from missing_batches
)

select * from batch_clicks
