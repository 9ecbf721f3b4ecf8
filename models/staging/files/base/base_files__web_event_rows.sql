-- One row is a row of web events as a file that is loaded by now has it. Many models read them, each what it needs.
{{ config(materialized='view') }}

with

files as (
    select * from {{ source('raw_files', 'web_events') }}
),

loads as (
    select * from {{ ref('base_files__web_event_loads') }}
),

loaded as (
    select
        files.*,
        loads.load_hash
    from files
    inner join loads
        on
            files.source_system = loads.source_system
            and files._file = loads._file
            and files._load_id = loads._load_id
)

select * from loaded
