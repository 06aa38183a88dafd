"""The gallery that node images are put into."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside, kept
from pulumi_azure_native import compute


@dataclass(frozen=True, slots=True)
class GalleryArgs:
    """Where it lives."""

    place: Placement


class Gallery(pulumi.ComponentResource):
    """Outputs: `image_id`, to which `/versions/<version>` is added."""

    def __init__(self, name: str, args: GalleryArgs) -> None:
        super().__init__("kuduso:platform:Gallery", name)
        place = args.place
        gallery = compute.Gallery(
            "gallery",
            gallery_name=place.name(names.GALLERY),
            resource_group_name=place.group,
            location=place.location,
            tags=place.tags,
            opts=kept(self, place),
        )
        image = compute.GalleryImage(
            "node-image",
            gallery_image_name="rhino-compute",
            gallery_name=gallery.name,
            resource_group_name=place.group,
            location=place.location,
            os_type=compute.OperatingSystemTypes.WINDOWS,
            os_state=compute.OperatingSystemStateTypes.GENERALIZED,
            hyper_v_generation="V2",
            features=[compute.GalleryImageFeatureArgs(name="SecurityType", value="TrustedLaunch")],
            identifier=compute.GalleryImageIdentifierArgs(
                publisher="kuduso", offer="rhino-compute", sku="windows-server-2022"
            ),
            tags=place.tags,
            opts=inside(self),
        )
        self.image_id = image.id
        self.register_outputs({"image_id": image.id})
